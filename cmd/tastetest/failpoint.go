package main

import "os"

// failpoint returns what kills this process, as kill -9 would, between the step
// called name and the next: see bot.Options. It is nil without a name, which
// is how everybody but the tests of crashes runs it.
func failpoint(name string) func(string) {
	if name == "" {
		return nil
	}
	return func(step string) {
		if step == name {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				self.Kill()
			}
			select {} // until it is dead
		}
	}
}
