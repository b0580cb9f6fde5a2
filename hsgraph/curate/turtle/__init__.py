"""Turtle files of the data: their layout, their quotations, a new one, and a draft as one."""
