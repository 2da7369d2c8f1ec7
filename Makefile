# Every target is a thin call of a script in scripts/, which has the options and the comments.

export PORT DATA

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test bench drill lint format docs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## set up, build the release binary, run everything in the foreground; PORT=8000 DATA=./var
	@exec scripts/run

test: ## set up, lint and run all tests: what continuous integration runs
	@exec scripts/test

bench: ## set up and measure against other task queues in the same run
	@exec scripts/bench

drill: ## break things on purpose and check what must still hold
	@exec scripts/drill

lint: ## formatting, house rules, module edges
	@exec scripts/lint

format: ## rewrite all Swift files in the house format
	@exec scripts/format

docs: ## build the API reference into .build-docs/
	@exec scripts/docs

clean: ## remove build products, never data
	@exec scripts/clean
