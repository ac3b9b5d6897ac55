"""The numbers of an annual report, read a second time, and the checks that hold them to text and pack."""
