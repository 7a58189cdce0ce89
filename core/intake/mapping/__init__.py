"""Another form's export turned into our sheets by a kept column mapping."""
