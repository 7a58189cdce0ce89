"""The supervision ledger: what an issue is about, how it stands, its next step."""
