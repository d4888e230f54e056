"""Documents from one Markdown body: Word, PowerPoint, and what Typst and HTML print of it."""
