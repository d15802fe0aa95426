"""An issue's message, cut once, and made out to each recipient; its headers and signatures."""
