"""Lists of recipients: opened, told apart, streamed; what names nobody is reported."""
