#include "agent/linux/update_package.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "agent/linux/child.h"
#include "agent/linux/text.h"
#include "base/file.h"
#include "base/utf8.h"
#include "device_policy/release.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;

constexpr Duration question_time = std::chrono::seconds(60);
constexpr const char* dpkg_program = "/usr/bin/dpkg";
constexpr const char* deb_program = "/usr/bin/dpkg-deb";
constexpr const char* query_program = "/usr/bin/dpkg-query";
constexpr std::size_t said_bytes_max = 600;
const char* const package = device_policy::release_package.data();

// The end of what a program said, where the reason is.
std::string said(const ChildResult& ran) {
  const std::string_view text = trim(ran.output);
  std::string out(text.size() > said_bytes_max ? text.substr(text.size() - said_bytes_max) : text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  while (!out.empty() && !is_utf8(out)) out.erase(0, 1);
  return out + " (exit " + std::to_string(ran.status) + ")";
}

std::vector<std::string> query(const PackageSetup& setup, std::vector<std::string> more) {
  std::vector<std::string> out{query_program, "--root=" + setup.root.string()};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

// One file of a package beside the others of its kind, with its mode; owners are root's when it is packed.
Result<void> copy_entry(const fs::path& from, const fs::path& to) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(from, error);
  if (fs::is_directory(status)) {
    fs::create_directories(to, error);
    if (error) return file_error(to.string(), error.value());
    if (::chmod(to.c_str(), static_cast<mode_t>(status.permissions())) != 0) return file_error(to.string(), errno);
    return {};
  }
  // dpkg lists a folder before what is in it, but a package may be listed by links of the system (/lib, /bin).
  fs::create_directories(to.parent_path(), error);
  if (fs::is_symlink(status)) {
    fs::copy_symlink(from, to, error);
    if (error) return file_error(to.string(), error.value());
    return {};
  }
  if (!fs::is_regular_file(status)) return Error(release_no_way_back, from.string());
  fs::copy_file(from, to, error);
  if (error) return file_error(to.string(), error.value());
  if (::chmod(to.c_str(), static_cast<mode_t>(status.permissions())) != 0) return file_error(to.string(), errno);
  return {};
}

// Of what dpkg keeps of an installed package, what a package has: no state of it.
std::string control_from_status(std::string_view paragraph) {
  std::string out;
  bool skipped = false;
  for (const std::string_view one : lines(paragraph)) {
    if (one.empty()) continue;
    const bool goes_on = one.front() == ' ' || one.front() == '\t';
    if (!goes_on) {
      skipped = one.starts_with("Status:") || one.starts_with("Conffiles:") || one.starts_with("Config-Version:");
    }
    if (!skipped) out += std::string(one) + '\n';
  }
  return out;
}

Result<void> repack_into(const PackageSetup& setup, const fs::path& scratch, const fs::path& file) {
  LUY_TRY(const ChildResult listed, run_with_input(query(setup, {"--listfiles", package}), {}, question_time));
  if (listed.status != 0) return Error(release_no_way_back, said(listed));
  const std::vector<std::string_view> paths = lines(listed.output);
  for (const std::string_view path : paths) {
    if (path.empty() || path == "/." || path.front() != '/') continue;
    const fs::path relative = fs::path(path).relative_path();
    std::error_code error;
    const fs::path present = setup.root / relative;
    // Documentation may be left out on a machine (path-exclude of dpkg); what lacks then is not needed to go back.
    if (!fs::exists(fs::symlink_status(present, error))) {
      if (path.starts_with("/usr/share/")) continue;
      return Error(release_no_way_back, std::string(path));
    }
    // /lib is a link on a machine and a folder in a package; as a link it would be another package's.
    const std::string below = std::string(path) + '/';
    const bool holds = std::any_of(paths.begin(), paths.end(), [&](auto other) { return other.starts_with(below); });
    if (holds && fs::is_symlink(fs::symlink_status(present, error))) {
      LUY_TRY_VOID(make_folder(scratch / relative, 0755));
      continue;
    }
    LUY_TRY_VOID(copy_entry(present, scratch / relative));
  }
  const fs::path control = scratch / "DEBIAN";
  LUY_TRY_VOID(make_folder(control, 0755));
  LUY_TRY(const ChildResult status, run_with_input(query(setup, {"--status", package}), {}, question_time));
  if (status.status != 0) return Error(release_no_way_back, said(status));
  LUY_TRY_VOID(write_file_durably(control / "control", control_from_status(status.output), 0644));
  std::error_code error;
  const fs::path info = setup.root / "var/lib/dpkg/info";
  for (const char* name : {"preinst", "postinst", "prerm", "postrm", "conffiles", "md5sums", "triggers"}) {
    const fs::path kept = info / (std::string(package) + "." + name);
    if (fs::exists(kept, error)) LUY_TRY_VOID(copy_entry(kept, control / name));
  }
  LUY_TRY(const ChildResult built,
          run_with_input({deb_program, "--root-owner-group", "-Zgzip", "-z1", "--build", scratch, file}, {},
                         setup.patience));
  if (built.status != 0) return Error(release_no_way_back, said(built));
  return {};
}

}  // namespace

Result<PackageFields> fields_of_package(const fs::path& file) {
  LUY_TRY(const ChildResult ran,
          run_with_input({deb_program, "--field", file, "Package", "Version", "Architecture"}, {}, question_time));
  if (ran.status != 0) return Error(release_not_package, said(ran));
  PackageFields out;
  for (const std::string_view one : lines(ran.output)) {
    if (const auto value = after(one, "Package:")) out.name = *value;
    if (const auto value = after(one, "Version:")) out.version = *value;
    if (const auto value = after(one, "Architecture:")) out.architecture = *value;
  }
  // The control part alone can be read of a package that was cut off: all of its content is read through once.
  LUY_TRY(const ChildResult whole, run_with_input({deb_program, "--contents", file}, {}, question_time));
  if (whole.status != 0) return Error(release_not_package, file.filename().string());
  return out;
}

Result<std::string> machine_architecture() {
  LUY_TRY(const ChildResult ran, run_with_input({dpkg_program, "--print-architecture"}, {}, question_time));
  if (ran.status != 0) return Error(release_dpkg_failed, said(ran));
  return std::string(trim(ran.output));
}

Result<std::string> installed_version(const PackageSetup& setup) {
  LUY_TRY(const ChildResult ran,
          run_with_input(query(setup, {"--show", "--showformat=${db:Status-Status} ${Version}\\n", package}), {},
                         question_time));
  if (ran.status == 1) return std::string();
  if (ran.status != 0) return Error(release_dpkg_busy, said(ran));
  const auto fields = words(ran.output);
  return fields.size() == 2 && fields[0] == "installed" ? std::string(fields[1]) : std::string();
}

Result<bool> is_newer(const std::string& version, const std::string& than) {
  LUY_TRY(const ChildResult ran,
          run_with_input({dpkg_program, "--compare-versions", version, "gt", than}, {}, question_time));
  if (ran.status != 0 && ran.status != 1) return Error(release_dpkg_failed, said(ran));
  return ran.status == 0;
}

Result<void> repack_installed(const PackageSetup& setup, const fs::path& scratch, const fs::path& file) {
  std::error_code error;
  fs::remove_all(scratch, error);
  LUY_TRY_VOID(make_folder(scratch, 0755));
  const auto done = repack_into(setup, scratch, file);
  fs::remove_all(scratch, error);
  if (!done) {
    fs::remove(file, error);
    return done.error().is(release_no_way_back) ? done.error() : Error(release_no_way_back, done.error().en());
  }
  LUY_TRY(const PackageFields fields, fields_of_package(file));
  if (fields.name != package) return Error(release_no_way_back, fields.name);
  return {};
}

Result<void> install_package(const PackageSetup& setup, const fs::path& file) {
  // Settings that somebody changed stay; nobody is there to be asked.
  std::vector<std::string> command{"/usr/bin/env",    "DEBIAN_FRONTEND=noninteractive",
                                   dpkg_program,      "--root=" + setup.root.string(),
                                   "--force-confdef", "--force-confold"};
  command.insert(command.end(), setup.options.begin(), setup.options.end());
  command.insert(command.end(), {"--install", file.string()});
  LUY_TRY(const ChildResult ran, run_with_input(command, {}, setup.patience));
  if (ran.status == 0) return {};
  if (ran.output.find("is locked by another process") != std::string::npos ||
      ran.output.find("lock file") != std::string::npos) {
    return Error(release_dpkg_busy, said(ran));
  }
  return Error(release_dpkg_failed, said(ran));
}

}  // namespace luy::agent
