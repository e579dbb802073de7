// Facts as an agent would send them.
import { day, hour, iso } from './time';

export function factBodies(now: number): [string, string, object][] {
  return [
    [
      'identity',
      '/etc/machine-id',
      {
        key: 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184',
        hostname: 'vanthu-01',
        fqdn: 'vanthu-01.bimson.gov.vn',
      },
    ],
    [
      'os',
      '/etc/os-release',
      {
        id: 'debian',
        version_id: '12',
        pretty_name: 'Debian GNU/Linux 12 (bookworm)',
        kernel: '6.1.0-40-amd64',
        architecture: 'x86_64',
        booted_at: iso(now - 12 * day),
      },
    ],
    [
      'hardware',
      'sysfs',
      {
        vendor: 'Dell Inc.',
        model: 'PowerEdge T150',
        chassis: 'server',
        cpu_model: 'Intel Xeon E-2314',
        cpus: 4,
        memory_bytes: 17_179_869_184,
        battery: false,
      },
    ],
    [
      'updates',
      'libapt-pkg',
      {
        lists_present: true,
        lists_date: iso(now - 9 * hour),
        lists_valid_until: iso(now + 6 * day),
        security: [
          {
            package: 'openssl',
            installed: '3.0.17-1~deb12u2',
            offered: '3.0.18-1~deb12u1',
            archive: 'bookworm-security',
            first_offered: iso(now - 12 * day),
          },
          {
            package: 'chromium',
            installed: '154.0.7200.10-1~deb12u1',
            offered: '156.0.8078.79-1~deb12u1',
            archive: 'bookworm-security',
            first_offered: iso(now - 2 * day),
          },
        ],
        other_count: 14,
        restart_required: true,
      },
    ],
    [
      'antivirus',
      'clamd',
      {
        products: [
          {
            name: 'ClamAV',
            version: '1.4.3',
            running: true,
            signatures_date: iso(now - 20 * hour),
            last_full_scan: iso(now - 5.9 * day),
            last_scan_infected: 0,
          },
        ],
      },
    ],
    [
      'accounts',
      '/etc/shadow',
      {
        shadow_readable: true,
        accounts: [
          {
            name: 'root',
            uid: 0,
            shell: '/bin/bash',
            can_log_in: false,
            password: 'locked',
            hash_method: '',
            password_changed_at: iso(now - 300 * day),
            password_days_max: null,
            must_change_password: false,
            last_login: null,
            administrator: true,
          },
          {
            name: 'hoant',
            uid: 1000,
            shell: '/bin/bash',
            can_log_in: true,
            password: 'set',
            hash_method: 'yescrypt',
            password_changed_at: iso(now - 41 * day),
            password_days_max: 90,
            must_change_password: false,
            last_login: iso(now - 3 * hour),
            administrator: true,
          },
        ],
      },
    ],
    [
      'disks',
      'statvfs',
      {
        volumes: [
          {
            mount: '/',
            device: '/dev/mapper/vg-root',
            file_system: 'ext4',
            size_bytes: 240_057_409_536,
            free_bytes: 151_397_597_184,
            encrypted: true,
            removable: false,
          },
          {
            mount: '/srv',
            device: '/dev/sdb1',
            file_system: 'ext4',
            size_bytes: 2_000_398_934_016,
            free_bytes: 1_100_219_413_708,
            encrypted: false,
            removable: false,
          },
        ],
      },
    ],
    ['firewall', 'nftables', { backend: 'nftables', active: true, rules: 27 }],
    [
      'listening',
      '/proc/net',
      {
        sockets: [
          { protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' },
          { protocol: 'tcp', address: '127.0.0.1', port: 5432, process: 'postgres' },
          { protocol: 'udp', address: '0.0.0.0', port: 68, process: 'dhclient' },
        ],
      },
    ],
    [
      'interfaces',
      'rtnetlink',
      {
        interfaces: [
          {
            name: 'eno1',
            kind: 'ethernet',
            mac: '52:54:00:12:34:56',
            up: true,
            addresses: ['192.168.10.20/24'],
          },
        ],
        routes: [{ destination: '0.0.0.0/0', gateway: '192.168.10.1', interface: 'eno1' }],
      },
    ],
    ['wifi', 'nl80211', { hardware_present: false, networks: [] }],
    ['domain', 'sssd', { kind: 'none', name: '' }],
    ['shares', 'smb.conf', { server_running: false, shares: [] }],
    ['time_sync', 'timedatectl', { synchronised: true, service: 'systemd-timesyncd' }],
    ['packages', 'dpkg', { manager: 'dpkg' }],
    [
      'agent',
      'self',
      {
        version: '0.1.0',
        started_at: iso(now - 12 * day),
        period_seconds: 60,
        cpu_percent: 0.31,
        rss_bytes: 14_680_064,
        throttled: false,
        spool_bytes: 1_245_184,
        spool_bytes_max: 1_073_741_824,
        records_dropped: 0,
      },
    ],
  ];
}
