import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { labProblem } from '../../lab/frr/prerequisites.ts';
import { sh } from '../../lab/frr/shell.ts';

/** A release of FRR, Debian 12's or Debian 13's, and the root folder that it is installed in. */
export type Release = { readonly name: '8.4' | '10.3'; readonly root: string };

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline');

// Unpacked, not installed: what the packages' own scripts would do is little, and needs neither chroot nor minutes.
const make = `
root=$1/debian-13-frr new=$1/.debian-13-frr.$$
mkdir -p "$1" && exec 9> "$root.lock" && flock 9 || exit 1
[ -e "$root/usr/lib/frr/mgmtd" ] && exit 0
rm -rf "$1"/.debian-13-frr.*
trap 'rm -rf "$new"' EXIT
set -e
mkdir -p "$new/apt/lists/partial" "$new/apt/archives/partial" "$new/root"
: > "$new/apt/status"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' | grep -v security | head -n 1)
[ -n "$mirror" ] || { echo 'apt has no source of packages here'; exit 1; }
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" > "$new/apt/sources"
apt() {
  apt-get -qq -y -o Dir::State="$new/apt" -o Dir::State::status="$new/apt/status" -o Dir::Cache="$new/apt" \\
    -o Dir::Etc::sourcelist="$new/apt/sources" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root \\
    -o APT::Install-Recommends=false -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Keep-Downloaded-Packages=true "$@"
}
apt update
apt --download-only install '?essential' frr frr-pythontools iproute2 openssh-server procps mawk
cd "$new/root"
dpkg-deb -x "$new"/apt/archives/base-files_*.deb .
for package in "$new"/apt/archives/*.deb; do dpkg-deb -x "$package" .; done
ln -s mawk usr/bin/awk
for file in passwd group; do cp usr/share/base-passwd/$file.master etc/$file; done
printf '%s\\n' 'frr:x:990:990::/nonexistent:/usr/sbin/nologin' 'sshd:x:991:65534::/run/sshd:/usr/sbin/nologin' >> etc/passwd
printf '%s\\n' frr:x:990: frrvty:x:991:frr >> etc/group
for kind in auth account password session; do echo "$kind required pam_permit.so" > etc/pam.d/common-$kind; done
cp etc/pam.d/common-session etc/pam.d/common-session-noninteractive
sed -i 's|^root:.*|root:x:0:0:root:/root:/bin/bash|' etc/passwd
mv -T "$new/root" "$root"
`;

/** FRR 10.3 of Debian 13, from this user's cache, or fetched into it. @returns why it cannot be had, where it cannot */
const debian13 = async (): Promise<Release | string> => {
  const root = join(cache, 'debian-13-frr');
  const { code, output } = await sh(make, [cache]);
  if (code === 0 && existsSync(root)) return { name: '10.3', root };
  const said = output.trim().split('\n').at(-1) ?? '';
  return `FRR 10.3 is not here, and cannot be fetched from Debian 13: ${said || `a script ended with ${code}`}`;
};

/** The FRR of this machine, and that of Debian 13. @returns why it cannot be had, where it cannot */
const release = async (name: Release['name']): Promise<Release | string> => {
  const problem = (await labProblem())?.message;
  if (problem) return problem;
  return name === '10.3' ? debian13() : { name, root: '/' };
};

/** A `describe` of routers of one release, skipped with the reason where that cannot be had; with CI=true that is a failure. */
export const describeRelease = async (
  name: Release['name'],
  title: string,
  tests: (release: Release) => void,
): Promise<void> => {
  const is = await release(name);
  if (typeof is !== 'string') describe(title, () => tests(is));
  else if (process.env.CI !== 'true') describe.skip(`${title} (skipped: ${is})`, () => it('has a router'));
  else
    describe(title, () =>
      it('has a router', () => {
        throw new Error(is);
      }),
    );
};
