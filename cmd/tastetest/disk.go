package main

import (
	"errors"
	"fmt"
	"syscall"
)

// advised adds to an error what to do about a disk that takes nothing.
func advised(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w; the disk is full: make room on it, then do this again", err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w; the disk is read-only: make it writable or name a place on another, then do this again", err)
	}
	return err
}
