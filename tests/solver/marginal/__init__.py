"""What is scarce, and what one more of it is worth, against enumeration."""
