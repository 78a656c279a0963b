"""The rules language: what a rules file may say, and what one sample is to a rule. docs/rules.md is its specification.

Pure: no Kafka, no clock. `reading` makes a RuleSet of a text; `rule` and `ruleset` are what the engine asks.
"""
