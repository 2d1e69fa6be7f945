package main

type packsCommand struct{}

func (packsCommand) Run() error { return nil }
