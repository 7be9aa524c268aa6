"""Reads standard input as OpenMetrics and as Prometheus text: both must take it.

prometheus_client is the reference parser of OpenMetrics, and raises ValueError where the
grammar or a rule of the specification is broken. Writes how many samples there are.
"""
import sys
from prometheus_client import parser as prometheus
from prometheus_client.openmetrics import parser as openmetrics


def samples(parse, text):
    return [s[:3] for family in parse.text_string_to_metric_families(text)
            for s in family.samples]


text = sys.stdin.read()
strict = samples(openmetrics, text)
if sorted(strict, key=str) != sorted(samples(prometheus, text), key=str):
    sys.exit('OpenMetrics and Prometheus read different samples')
print(len(strict))
