"""Age and sex of the patient against codes and dates."""
