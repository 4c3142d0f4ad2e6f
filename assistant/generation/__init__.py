"""Fluent answers by a chat model, of which only sentences that the cited passages support are shown."""
