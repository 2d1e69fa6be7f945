package engine

import (
	"errors"

	"github.com/tastetest/tastetest/bot"
)

// A fieldError is about one field of a form.
type fieldError struct {
	field string
	err   error
}

func (e fieldError) Error() string { return e.err.Error() }
func (e fieldError) Unwrap() error { return e.err }

// about says that err is about a field of a form; nil stays nil.
func about(field string, err error) error {
	if err == nil {
		return nil
	}
	return fieldError{field, err}
}

// faults are all that is wrong with what somebody wants, each with its field.
type faults []error

func (f faults) Error() string   { return errors.Join(f...).Error() }
func (f faults) Unwrap() []error { return f }

// add notes what a person did wrong. What it returns is an error of another kind.
func (f *faults) add(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[bot.UserError](err); !ok {
		return err
	}
	*f = append(*f, err)
	return nil
}

// none is nil, if nothing is wrong.
func (f faults) none() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// told are the faults as a person reads them.
func (f faults) told() (all []bot.Fault) {
	for _, err := range f {
		e, _ := errors.AsType[bot.UserError](err)
		at, _ := errors.AsType[fieldError](err)
		all = append(all, bot.Fault{Field: at.field, Text: bot.Sentence(e)})
	}
	return all
}
