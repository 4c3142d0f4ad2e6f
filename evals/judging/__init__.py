"""Judgement by people: the same answers drawn for each editor, labelled blind, compared with each other and the metrics."""
