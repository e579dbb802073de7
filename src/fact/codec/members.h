// The members of every fact struct, for the reader, the writer and the generated document. A member that is missing
// here does not compile.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <boost/pfr/tuple_size.hpp>
#include <cstddef>

#include "fact/fact.h"

namespace luy::fact {

BOOST_DESCRIBE_STRUCT(Identity, (), (key, hostname, fqdn))
BOOST_DESCRIBE_STRUCT(Os, (), (id, version_id, pretty_name, kernel, architecture, booted_at))
BOOST_DESCRIBE_STRUCT(Hardware, (), (vendor, model, chassis, cpu_model, cpus, memory_bytes, battery))
BOOST_DESCRIBE_STRUCT(Package, (), (name, version, architecture, installed_at, installed_by, source, source_version))
BOOST_DESCRIBE_STRUCT(Packages, (), (manager, packages))
BOOST_DESCRIBE_STRUCT(PendingUpdate, (), (package, installed, offered, archive, first_offered))
BOOST_DESCRIBE_STRUCT(PatchWindow, (), (state, because, started_at, ended_at, installed, restart, restart_at))
BOOST_DESCRIBE_STRUCT(Updates, (),
                      (lists_present, lists_date, lists_valid_until, security, other_count, restart_required,
                       unknown_because, window))
BOOST_DESCRIBE_STRUCT(AntivirusProduct, (),
                      (name, version, running, signatures_date, last_full_scan, last_scan_infected, scans_readable))
BOOST_DESCRIBE_STRUCT(AntivirusScan, (), (state, because, started_at, ended_at, due_at, files, bytes, infected, unread))
BOOST_DESCRIBE_STRUCT(QuarantinedFile, (), (item, path, sha256, signature, owner, bytes, at))
BOOST_DESCRIBE_STRUCT(Antivirus, (), (products, scan, quarantine))
BOOST_DESCRIBE_STRUCT(Account, (),
                      (name, uid, shell, can_log_in, password, hash_method, password_changed_at, password_days_max,
                       must_change_password, last_login, administrator, login_keys))
BOOST_DESCRIBE_STRUCT(Accounts, (), (shadow_readable, accounts))
BOOST_DESCRIBE_STRUCT(Socket, (), (protocol, address, port, process))
BOOST_DESCRIBE_STRUCT(Listening, (), (sockets))
BOOST_DESCRIBE_STRUCT(Firewall, (), (backend, active, rules))
BOOST_DESCRIBE_STRUCT(Volume, (), (mount, device, file_system, size_bytes, free_bytes, encrypted, removable))
BOOST_DESCRIBE_STRUCT(Disks, (), (volumes))
BOOST_DESCRIBE_STRUCT(Interface, (), (name, kind, mac, up, addresses))
BOOST_DESCRIBE_STRUCT(Route, (), (destination, gateway, interface))
BOOST_DESCRIBE_STRUCT(Interfaces, (), (interfaces, routes))
BOOST_DESCRIBE_STRUCT(WifiNetwork, (), (ssid, interface, security, connected, key_fingerprint, key_changed_at, bssid))
BOOST_DESCRIBE_STRUCT(SeenNetwork, (), (ssid, bssid, security, signal_dbm))
BOOST_DESCRIBE_STRUCT(Wifi, (), (hardware_present, networks, seen))
BOOST_DESCRIBE_STRUCT(Domain, (), (kind, name))
BOOST_DESCRIBE_STRUCT(Share, (), (service, name, path, writable, guest))
BOOST_DESCRIBE_STRUCT(Shares, (), (server_running, shares))
BOOST_DESCRIBE_STRUCT(TimeSync, (), (synchronised, service))
BOOST_DESCRIBE_STRUCT(Agent, (),
                      (version, started_at, period_seconds, cpu_percent, rss_bytes, throttled, spool_bytes,
                       spool_bytes_max, records_dropped, program_sha256, update_state, update_version, update_because))
BOOST_DESCRIBE_STRUCT(CheckResult, (), (check, state, found, file, line, reason))
BOOST_DESCRIBE_STRUCT(Hardening, (), (catalogue, results, unknown_because))
BOOST_DESCRIBE_STRUCT(RefusedSoftware, (), (act, name, version, sha256, user, refused, times, at))
BOOST_DESCRIBE_STRUCT(SoftwareGate, (), (install, execute, because, trusted, refused))
BOOST_DESCRIBE_STRUCT(RemovableDevice, (), (serial, vendor, model, bytes, present, decision, seen_at))
BOOST_DESCRIBE_STRUCT(Removable, (), (mode, devices))
BOOST_DESCRIBE_STRUCT(BackupRun, (),
                      (set, kind, target, place, state, because, percent, started_at, ended_at, succeeded_at, due_at,
                       snapshot, files, bytes, bytes_added, plugged_at, unplugged_at))
BOOST_DESCRIBE_STRUCT(RestoreDrill, (),
                      (set, target, place, snapshot, started_at, ended_at, passed, because, files, bytes, differing,
                       missing, databases, report_sha256))
BOOST_DESCRIBE_STRUCT(Backup, (), (tool, runs, drills))
BOOST_DESCRIBE_STRUCT(Neighbour, (), (address, mac, name, source, interface, description, seen_at))
BOOST_DESCRIBE_STRUCT(Neighbours, (), (neighbours))

namespace codec {

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T>
inline constexpr std::size_t member_count = boost::mp11::mp_size<Members<T>>::value;

// Calls visit(descriptor) for each member in the order of the struct; a descriptor has `name` and `pointer`.
template <class T, class Visit>
void for_each_member(Visit&& visit) {
  static_assert(member_count<T> == boost::pfr::tuple_size_v<T>, "a member is missing in the list above");
  boost::mp11::mp_for_each<Members<T>>(visit);
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

}  // namespace codec
}  // namespace luy::fact
