"""What is asked of the editorial core while a page is made."""
