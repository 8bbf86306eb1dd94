"""Everything that only training the reader needs; `qa.train_reader` is the command."""
