"""What came back: bounces, complaints and answers, read as what they claim."""
