"""Plays scenarios on a platform and prints what a client sees there.

Each line of the output is a fact: the scenario, the fact's name and its value, with a tab between them. A scenario that
cannot be played to its end has the fact `broke off`.
"""
import argparse
import time
import traceback
import sys
import uuid

_scenarios = {}


class Observation:
    """Prints the facts of one scenario."""

    def __init__(self, scenario):
        self._scenario = scenario

    def saw(self, fact, value):
        text = str(value).replace('\t', ' ').replace('\n', ' ')
        print(self._scenario, fact, text, sep='\t', flush=True)

    def saw_outcome(self, fact, attempt, describe=lambda error: type(error).__name__):
        """Writes down what an attempt gives, or the kind of its error."""
        try:
            self.saw(fact, attempt())
        except Exception as error:
            self.saw(fact, describe(error))


def scenario(name, available=True):
    """Marks a function `(servers, seen)` as a scenario, if the client can do what it takes."""

    def register(function):
        if available:
            _scenarios[name] = function
        return function

    return register


def new_name(kind):
    return '%s-%s' % (kind, uuid.uuid4())


def await_until(condition, seconds=120):
    """Returns the condition's first true value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError('the condition was not met within %d s' % seconds)
        time.sleep(0.05)


def play(version):
    """Runs the scenarios whose name contains the second argument against the address in the first."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument('bootstrap_servers')
    arguments.add_argument('wanted', nargs='?', default='')
    given = arguments.parse_args()
    print('version', version, sep='\t', flush=True)
    for name, function in _scenarios.items():
        if given.wanted not in name:
            continue
        seen = Observation(name)
        started = time.monotonic()
        try:
            function(given.bootstrap_servers, seen)
        except Exception as error:
            traceback.print_exc()
            seen.saw('broke off', '%s: %s' % (type(error).__name__, error))
        print('%s took %.1f s' % (name, time.monotonic() - started), file=sys.stderr, flush=True)
