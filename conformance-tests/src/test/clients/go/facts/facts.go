// Package facts plays scenarios on a platform and prints what a client sees there.
//
// Each line of the output is a fact: the scenario, the fact's name and its value, with a tab between them. A scenario
// that cannot be played to its end has the fact "broke off".
package facts

import (
	"crypto/rand"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// Scenario is something that a client does on the platform at an address.
type Scenario struct {
	Name   string
	Script func(servers string, seen Observation)
}

// Observation prints the facts of one scenario.
type Observation struct {
	scenario string
}

// Saw writes a fact down.
func (o Observation) Saw(fact string, value any) {
	text := strings.NewReplacer("\t", " ", "\n", " ").Replace(fmt.Sprint(value))
	fmt.Println(strings.Join([]string{o.scenario, fact, text}, "\t"))
}

// SawError writes an error down in the words that a function has for it, or that there was none.
func (o Observation) SawError(fact string, err error, describe func(error) string) {
	if err == nil {
		o.Saw(fact, "no error")
		return
	}
	o.Saw(fact, describe(err))
}

// NewName returns a name that nobody else has.
func NewName(kind string) string {
	return kind + "-" + rand.Text()
}

// Must breaks the scenario off if there is an error.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}

// Value breaks the scenario off if there is an error, and returns the value otherwise.
func Value[T any](value T, err error) T {
	Must(err)
	return value
}

// Await breaks the scenario off if a condition is not met in time.
func Await(condition func() bool) {
	deadline := time.Now().Add(2 * time.Minute)
	for !condition() {
		if time.Now().After(deadline) {
			panic("the condition was not met within two minutes")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Play runs the scenarios whose name contains the second argument against the address in the first.
func Play(version string, scenarios []Scenario) {
	wanted := ""
	if len(os.Args) > 2 {
		wanted = os.Args[2]
	}
	fmt.Println("version\t" + version)
	for _, scenario := range scenarios {
		if strings.Contains(scenario.Name, wanted) {
			play(scenario)
		}
	}
}

func play(scenario Scenario) {
	seen := Observation{scenario.Name}
	started := time.Now()
	defer func() {
		if reason := recover(); reason != nil {
			seen.Saw("broke off", reason)
			fmt.Fprintf(os.Stderr, "%v\n%s\n", reason, debug.Stack())
		}
		fmt.Fprintf(os.Stderr, "%s took %.1f s\n", scenario.Name, time.Since(started).Seconds())
	}()
	scenario.Script(os.Args[1], seen)
}

// Version returns the version of a module that the program was built with.
func Version(module string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				return strings.TrimPrefix(dependency.Version, "v")
			}
		}
	}
	return "of unknown version"
}
