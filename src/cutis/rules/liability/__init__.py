"""Who pays: waivers, exclusions, and services marked as neither."""
