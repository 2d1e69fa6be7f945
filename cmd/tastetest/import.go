package main

type importCommand struct{}

func (importCommand) Run() error { return nil }
