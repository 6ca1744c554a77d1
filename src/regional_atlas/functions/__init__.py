"""What a person calls from Python: each takes what users have and answers on the caller's index.

What is given is checked and put into one form here; the packages that reckon are strict. Wrong
arguments are an `InputError` with the argument's name, what was given and what is allowed.
"""
