import { describe, expect, it } from 'vitest';
import { requirementsOfLock } from '../src/index.js';

const GLUE = { version: '3.9', platform: 'linux' };

const LOCK = `# made from requirements.in
boto3==1.42.97 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
    # via -r requirements.in
numpy==2.0.2 ; python_full_version < '3.10' \\
    --hash=sha256:cccc
numpy==2.2.6 ; python_full_version >= '3.10' \\
    --hash=sha256:dddd
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:eeee
tomli==2.0.1 ; python_version <= "3.10" and platform_system != 'Windows' --hash=sha256:ffff
pyarrow==20.0.0 --hash=sha256:9999
`;

describe('the packages of a lock', () => {
  it('are those that the target needs, without hashes', () => {
    expect(requirementsOfLock(LOCK, GLUE)).toEqual([
      'boto3==1.42.97',
      'numpy==2.0.2',
      'tomli==2.0.1',
      'pyarrow==20.0.0',
    ]);
    expect(requirementsOfLock(LOCK, { version: '3.11', platform: 'win32' })).toEqual([
      'boto3==1.42.97',
      'numpy==2.2.6',
      'colorama==0.4.6',
      'pyarrow==20.0.0',
    ]);
  });

  it('are the same with the line ends of Windows', () => {
    expect(requirementsOfLock(LOCK.replaceAll('\n', '\r\n'), GLUE)).toEqual(requirementsOfLock(LOCK, GLUE));
  });

  it.each([
    ["a==1 ; python_version < '3.10' or sys_platform == 'darwin'", ['a==1']],
    ["a==1 ; python_full_version == '3.9.*'", ['a==1']],
    ["a==1 ; (python_version > '3.9')", []],
    ["a==1 ; python_version != '3.9'", []],
    ['', []],
  ])('%s', (lock, packages) => {
    expect(requirementsOfLock(lock, GLUE)).toEqual(packages);
  });

  it.each([
    ['pyarrow>=20', /no pinned package: pyarrow>=20/],
    ['-e .', /no pinned package: -e \./],
    ['git+https://example.org/x', /no pinned package/],
    ["a==1 ; implementation_name == 'cpython'", /condition that is not understood: implementation_name/],
  ])('fails with a line that is not understood: %s', (lock, message) => {
    expect(() => requirementsOfLock(lock, GLUE)).toThrow(message);
  });
});
