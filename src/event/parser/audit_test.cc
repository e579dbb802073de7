// Goal: audit records are read with their hexadecimal texts in clear, in raw and enriched form.
#include "event/parser/expect.h"

namespace luy::event {
namespace {

TEST(Audit, RecordsAreRead) {
  expect_all(
      Transport::file, "/var/log/audit/audit.log",
      {
          {"type=SYSCALL msg=audit(1795316645.678:901): arch=c000003e syscall=59 success=yes exit=0 a0=55 a1=7f "
           "items=2 "
           "ppid=100 pid=101 auid=1000 uid=0 gid=0 tty=pts0 ses=3 comm=\"cat\" exe=\"/usr/bin/cat\" "
           "key=\"lenh-root\"\x1d"
           "ARCH=x86_64 SYSCALL=execve AUID=\"an\" UID=\"root\" GID=\"root\"",
           {{"@timestamp", "2026-11-22T03:04:05.678000Z"},
            {"event.dataset", "auditd.log"},
            {"event.code", "SYSCALL"},
            {"event.action", "system_call"},
            {"event.outcome", "success"},
            {"process.pid", "101"},
            {"process.parent.pid", "100"},
            {"process.name", "cat"},
            {"process.executable", "/usr/bin/cat"},
            {"user.id", "0"},
            {"user.name", "root"},
            {"labels.serial", "901"},
            {"labels.AUID", "an"},
            {"labels.key", "lenh-root"},
            {"labels.a0", "55"}}},
          {"type=EXECVE msg=audit(1795316645.678:901): argc=3 a0=\"sh\" a1=\"-c\" a2=636174202F6574632F736861646F77",
           {{"process.command_line", "sh -c cat /etc/shadow"}, {"event.action", "process_started"}}},
          {"type=PROCTITLE msg=audit(1795316645.678:901): proctitle=636174002F6574632F736861646F77",
           {{"process.command_line", "cat /etc/shadow"}}},
          {"type=PATH msg=audit(1795316645.678:901): item=0 name=\"/etc/shadow\" inode=1 dev=08:01 mode=0100640",
           {{"file.path", "/etc/shadow"}, {"labels.mode", "0100640"}}},
          {"type=CWD msg=audit(1795316645.678:901): cwd=2F686F6D652F612062",
           {{"process.working_directory", "/home/a b"}}},
          {"type=USER_LOGIN msg=audit(1795316645.678:5): pid=9 uid=0 auid=4294967295 ses=4294967295 subj=unconfined "
           "msg='op=login acct=28756E6B6E6F776E207573657229 exe=\"/usr/sbin/sshd\" hostname=? addr=192.0.2.7 "
           "terminal=sshd res=failed'",
           {{"event.action", "user_login"},
            {"event.outcome", "failure"},
            {"user.name", "(unknown user)"},
            {"source.ip", "192.0.2.7"},
            {"source.domain", ""},
            {"event.reason", "login"},
            {"labels.terminal", "sshd"}}},
          {"type=USER_CMD msg=audit(1795316645.678:5): pid=9 uid=1000 msg='cwd=\"/home/an\" cmd=617074207570 "
           "terminal=pts/0 res=success'",
           {{"process.command_line", "apt up"}, {"event.action", "command_run"}, {"event.outcome", "success"}}},
          {"type=ADD_USER msg=audit(1795316645.678:5): pid=9 uid=0 msg='op=add-user acct=\"binh\" "
           "exe=\"/usr/sbin/useradd\" res=success'",
           {{"event.category", "iam"}, {"user.target.name", "binh"}, {"user.name", ""}}},
          {"type=SERVICE_START msg=audit(1795316645.678:5): pid=1 uid=0 msg='unit=cron comm=\"systemd\" res=success'",
           {{"service.name", "cron"}, {"event.action", "service_started"}}},
          {"node=may-01 type=DAEMON_END msg=audit(1795316645.678:5): op=terminate auid=0 pid=1 res=success",
           {{"host.name", "may-01"}, {"event.action", "audit_stopped"}}},
          {"type=UNKNOWN[1420] msg=audit(1795316645.678:5): x=1", {{"event.code", "UNKNOWN[1420]"}, {"labels.x", "1"}}},
      });
}

TEST(Audit, TheWholeRecordStaysTheMessage) {
  const std::string_view record = "type=CWD msg=audit(1795316645.678:901): cwd=\"/\"";
  EXPECT_EQ(parse(Transport::file, "/var/log/audit/audit.log", record, test_context()).text(Field::message), record);
}

TEST(Audit, WhatOnlyLooksAlikeIsNotRead) {
  for (const std::string_view record :
       {"type=", "type=CWD", "type=CWD msg=audit(", "type=CWD msg=audit(1.2)", "type=CWD msg=audit(1.1000:2): x=1",
        "type=CWD msg=audit(999999999999999.000:2): x=1", "type=CWD msg=audit(x.000:2): x=1"}) {
    const Event event = parse(Transport::file, "/var/log/audit/audit.log", record, test_context());
    EXPECT_EQ(event.text(Field::event_kind), "pipeline_error") << record;
  }
}

}  // namespace
}  // namespace luy::event
