"""What the fee schedule says of a code: payable, where, and as what."""
