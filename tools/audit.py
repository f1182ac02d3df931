"""Known holes in the locked packages: `make audit`, from what pip-audit finds.

pip-audit calls it a success if it could ask nobody. Here a package that was not asked for is a failure too.
"""

import json
import subprocess
import sys

SHOWN = 8


def told(hole):
    return f"{hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version'}"


def report(packages):
    """The lines to print, the last a sentence on all; and whether every package was found to be well."""
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    holes = [package for package in packages if package.get("vulns")]
    lines = [f"{one['name']} {one['version']}: {told(hole)}" for one in holes for hole in one["vulns"]]
    asked = len(packages) - len(skipped)
    if not asked:
        return ["Nobody could be asked: the list of known holes cannot be reached."], False
    if skipped:
        more = f" and {len(skipped) - SHOWN} more" if len(skipped) > SHOWN else ""
        lines.append(f"not asked for: {', '.join(skipped[:SHOWN])}{more}")
    lines.append(f"{asked} packages asked: known holes in {len(holes)}.")
    return lines, not (skipped or holes)


def main():
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", *sys.argv[1:]]
    result = subprocess.run(command, capture_output=True, text=True)
    if not result.stdout.startswith("{"):
        print(result.stderr[-2000:], file=sys.stderr)
        sys.exit("pip-audit could not ask for known holes; its reason stands above.")
    lines, well = report(json.loads(result.stdout)["dependencies"])
    print("\n".join(lines))
    sys.exit(not well)


if __name__ == "__main__":
    main()
