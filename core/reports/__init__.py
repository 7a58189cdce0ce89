"""What the county hands in and hands on: the assess object, workbooks, the one-page briefing."""
