"""What the chat shows and keeps: pure functions from answers and stores to HTML, Markdown and question sets."""
