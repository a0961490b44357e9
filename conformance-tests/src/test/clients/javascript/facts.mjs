// Plays scenarios on a platform and prints what a client sees there. Each line of the output is a fact: the scenario,
// the fact's name and its value, with a tab between them. A scenario that cannot be played to its end has the fact
// `broke off`.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'

const scenarios = []

export function scenario (name, script) {
  scenarios.push({ name, script })
}

export function newName (kind) {
  return `${kind}-${randomUUID()}`
}

/** Returns the condition's first true value. */
export async function awaitUntil (condition, seconds = 120) {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const value = await condition()
    if (value) {
      return value
    }
    if (Date.now() > deadline) {
      throw new Error(`the condition was not met within ${seconds} s`)
    }
    await pause(50)
  }
}

class Observation {
  constructor (scenario) {
    this.scenario = scenario
  }

  saw (fact, value) {
    const text = typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: 6, maxArrayLength: null })
    console.log([this.scenario, fact, text.replace(/[\t\n]+/g, ' ')].join('\t'))
  }

  /** Writes down what an attempt gives, or the kind of its error. */
  async sawOutcome (fact, attempt, describe) {
    try {
      this.saw(fact, await attempt())
    } catch (error) {
      this.saw(fact, describe(error))
    }
  }
}

/** Runs the scenarios whose name contains the second argument against the address in the first. */
export async function play (version) {
  const [bootstrapServers, wanted = ''] = process.argv.slice(2)
  console.log(`version\t${version}`)
  for (const { name, script } of scenarios.filter(scenario => scenario.name.includes(wanted))) {
    const seen = new Observation(name)
    const started = Date.now()
    try {
      await script(bootstrapServers, seen)
    } catch (error) {
      console.error(error)
      seen.saw('broke off', String(error))
    }
    console.error(`${name} took ${(Date.now() - started) / 1000} s`)
  }
  process.exit(0)
}
