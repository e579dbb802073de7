// luy-agent-apt: asks libapt-pkg which installed packages have a newer version offered, offline and without changing
// anything, and prints one JSON object. A program of its own so that the library's memory is gone when it ends.
//
//   luy-agent-apt [--root DIR]
//   {"security":[{"package":"…","installed":"…","offered":"…","archive":"…"}],"other_count":n}
//   {"error":"why that cannot be known"}
//
// An update is a security update when a version newer than the installed one is in an archive whose name contains
// "security"; that version need not be the newest.
#include <apt-pkg/cachefile.h>
#include <apt-pkg/configuration.h>
#include <apt-pkg/depcache.h>
#include <apt-pkg/error.h>
#include <apt-pkg/init.h>
#include <apt-pkg/pkgcache.h>
#include <apt-pkg/pkgsystem.h>
#include <apt-pkg/version.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "base/json.h"

namespace {

struct Offer {
  std::string version;
  std::string archive;
};

bool is_security(pkgCache::VerFileIterator file) {
  for (const char* name : {file.File().Archive(), file.File().Codename(), file.File().Label()}) {
    if (name == nullptr) continue;
    const std::string_view text = name;
    if (text.find("security") != std::string_view::npos || text.find("Security") != std::string_view::npos) return true;
  }
  return false;
}

std::string archive_of(pkgCache::VerFileIterator file) {
  const char* codename = file.File().Codename();
  if (codename != nullptr && *codename != '\0') return codename;
  const char* archive = file.File().Archive();
  return archive == nullptr ? "" : archive;
}

// The newest version above `installed` that a security archive offers; an empty version when there is none.
Offer security_offer(pkgCacheFile& cache, pkgCache::PkgIterator package, pkgCache::VerIterator installed) {
  Offer best;
  for (pkgCache::VerIterator version = package.VersionList(); !version.end(); ++version) {
    if (std::strcmp(version.Arch(), installed.Arch()) != 0) continue;
    if (cache->VS().CmpVersion(version.VerStr(), installed.VerStr()) <= 0) continue;
    for (pkgCache::VerFileIterator file = version.FileList(); !file.end(); ++file) {
      if (!is_security(file)) continue;
      if (best.version.empty() || cache->VS().CmpVersion(version.VerStr(), best.version.c_str()) > 0) {
        best = {version.VerStr(), archive_of(file)};
      }
    }
  }
  return best;
}

int fail(const char* what) {
  std::string text = what;
  for (std::string message; !_error->empty();) {
    if (_error->PopMessage(message)) text += ": " + message;  // True for errors, false for warnings.
  }
  std::string json = "{\"error\":";
  luy::append_json_text(json, text);
  std::fputs((json + "}\n").c_str(), stdout);
  return 0;
}

std::string report(pkgCacheFile& cache) {
  std::string json = "{\"security\":[";
  long other = 0;
  bool first = true;
  for (pkgCache::PkgIterator package = cache->PkgBegin(); !package.end(); ++package) {
    const pkgCache::VerIterator installed = package.CurrentVer();
    if (installed.end()) continue;
    const Offer offer = security_offer(cache, package, installed);
    if (offer.version.empty()) {
      const pkgCache::VerIterator candidate = cache->GetCandidateVersion(package);
      if (!candidate.end() && cache->VS().CmpVersion(candidate.VerStr(), installed.VerStr()) > 0) ++other;
      continue;
    }
    json += first ? "{\"package\":" : ",{\"package\":";
    first = false;
    luy::append_json_text(json, package.FullName(true));
    json += ",\"installed\":";
    luy::append_json_text(json, installed.VerStr());
    json += ",\"offered\":";
    luy::append_json_text(json, offer.version);
    json += ",\"archive\":";
    luy::append_json_text(json, offer.archive);
    json += '}';
  }
  return json + "],\"other_count\":" + std::to_string(other) + "}\n";
}

}  // namespace

int main(int argc, char** argv) {
  std::string root = "/";
  if (argc == 3 && std::strcmp(argv[1], "--root") == 0) {
    root = argv[2];
  } else if (argc != 1) {
    std::fprintf(stderr, "usage: luy-agent-apt [--root DIR]\n");
    return 2;
  }
  if (!pkgInitConfig(*_config)) return fail("the configuration of apt cannot be read");
  // The cache lives in memory and nothing is written, so that no right but reading is needed.
  _config->Set("Dir::Cache::pkgcache", "");
  _config->Set("Dir::Cache::srcpkgcache", "");
  _config->Set("Debug::NoLocking", "true");
  if (root != "/") {
    _config->Set("Dir", root);
    _config->Set("Dir::State::status", root + "/var/lib/dpkg/status");
  }
  if (!pkgInitSystem(*_config, _system)) return fail("apt cannot be set up");
  pkgCacheFile cache;
  if (!cache.ReadOnlyOpen(nullptr)) return fail("the package lists cannot be read");
  if (cache.GetDepCache() == nullptr) return fail("the package lists cannot be understood");
  std::fputs(report(cache).c_str(), stdout);
  return 0;
}
