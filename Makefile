# Every target is one call of tools/project.py; this file only finds a Python to run it with.
# It has to work with the shells of Linux, macOS and Windows: make's own functions, no shell syntax but `||`.

# `|| echo none`: make would print the output of a command that does not exist instead of returning it.
probe = $(shell $(1) -c "import sys; print('fit' if sys.version_info >= (3, 11) else 'old')" 2>&1 || echo none)
fit = $(if $(filter fit,$(call probe,$(1))),$(1))
version = $(1): $(or $(filter 2.% 3.%,$(shell $(1) --version 2>&1 || echo none)),not found)

ifeq ($(strip $(PYTHON)),)
  found := $(or $(call fit,python3.13),$(call fit,python3.12),$(call fit,python3.11),\
                $(call fit,python3),$(call fit,python))
  problem = No Python 3.11 or newer was found ($(call version,python3), $(call version,python)).\
            Install one, or name the one to use: make PYTHON=/path/to/python3.12 $@
else
  found := $(call fit,$(PYTHON))
  problem = Python 3.11 or newer is needed, but PYTHON=$(call version,$(PYTHON))
endif

.DEFAULT_GOAL := help
TASKS = help book serve lab test quick lint refresh chapter pdf epub archive notebooks away wheel lax mutants bench weight \
        links audit same newer release lock clean
.PHONY: $(TASKS)

$(TASKS):
	@$(if $(found),$(found) tools/project.py $@,$(error $(problem)))
