// The frame around every page of a signed-in person: menu, search, live state, footer; and the guard that sends everyone
// else to the sign-in page.
import { Button, Drawer, Dropdown, Tooltip } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, Navigate, Outlet, useLocation, useNavigate } from 'react-router-dom';
import { useSignOut } from '~/api/changes';
import { useReminders } from '~/api/incidents';
import { useActsWaiting } from '~/api/people';
import { useMay, useSession, useSystem } from '~/api/queries';
import { stream, useStreamStatus } from '~/api/stream';
import type { Session } from '~/api/types';
import { useLanguage } from '~/i18n';
import { doorOf } from '~/pages/session/next';
import { formatNumber } from '~/ui/format';
import { Brand, ClockIcon, InboxIcon, MenuIcon, SearchIcon, UserIcon } from '~/ui/icons';
import { ErrorNote, Loading } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { AlarmBar } from './AlarmBar';
import { CommitmentPrompt } from './CommitmentPrompt';
import { LanguageButton, ThemeButton } from './HeadButtons';
import { Menu } from './Menu';
import { keepNothing } from './memory';
import { CommandPalette } from './Palette';
import { SessionWatch } from './SessionWatch';
import { useShortcuts } from './useShortcuts';
import { WaitingCount } from './WaitingCount';
import './shell.css';

export default function Shell() {
  const session = useSession();
  const location = useLocation();
  if (session.isPending) return <Loading rows={8} />;
  if (session.error && !session.data) {
    return <ErrorNote error={session.error} onRetry={() => void session.refetch()} />;
  }
  if (!session.data) {
    const from = location.pathname + location.search;
    return <Navigate to={from === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(from)}`} replace />;
  }
  const door = doorOf(session.data);
  if (door) return <Navigate to={door} replace />;
  return <Frame session={session.data} />;
}

function Frame({ session }: { session: Session }) {
  const { t } = useLanguage();
  const [menuOpen, setMenuOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const { pathname } = useLocation();
  useShortcuts(() => setPaletteOpen(true));
  const { public_place: publicPlace } = session;
  useEffect(() => {
    if (publicPlace) keepNothing();
  }, [publicPlace]);
  useEffect(() => {
    stream.start();
    return () => stream.stop();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu and starts at its top.
  useEffect(() => {
    setMenuOpen(false);
    window.scrollTo(0, 0);
  }, [pathname]);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t('shell.skip')}
      </a>
      <header className="topbar">
        <button
          type="button"
          className="menu-button"
          aria-label={t('shell.menu')}
          onClick={() => setMenuOpen(true)}
        >
          <MenuIcon />
        </button>
        <Link to="/" className="brand">
          <Brand />
          <span className="brand-name">Lũy</span>
          <span className="brand-sub">{session.grants[0]?.agency_name}</span>
        </Link>
        <button type="button" className="palette-button" onClick={() => setPaletteOpen(true)}>
          <SearchIcon />
          <span>{t('palette.open')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <div className="topbar-end">
          <LiveMark />
          <ReminderMark />
          <WaitingMark />
          <LanguageButton />
          <ThemeButton />
          <UserMenu session={session} />
        </div>
      </header>
      <div className="sidebar">
        <Menu />
      </div>
      <Drawer
        open={menuOpen}
        onClose={() => setMenuOpen(false)}
        placement="left"
        size={280}
        title={t('shell.menu')}
        className="menu-drawer"
      >
        <Menu />
      </Drawer>
      <main id="main" className="main" tabIndex={-1}>
        <AlarmBar />
        <CommitmentPrompt />
        <Outlet />
      </main>
      <Footer />
      <SessionWatch />
      {paletteOpen ? <CommandPalette onClose={() => setPaletteOpen(false)} /> : null}
    </div>
  );
}

// Clocks of the law that remind this person; nothing when none does.
function ReminderMark() {
  const { t, language } = useLanguage();
  const reminders = useReminders().data ?? [];
  const { pathname } = useLocation();
  if (reminders.length === 0) return null;
  const number = formatNumber(reminders.length, language);
  const late = reminders.some((each) => each.kind === 'overdue');
  const text = t(late ? 'shell.reminders_late' : 'shell.reminders', { count: reminders.length, number });
  return (
    <Link
      // At home the list is in sight already: then the cases themselves.
      to={pathname === '/' ? '/incidents' : '/'}
      className={late ? 'topbar-button waiting-mark reminder-late' : 'topbar-button waiting-mark'}
      data-testid="reminders"
      aria-label={text}
      title={text}
    >
      <ClockIcon />
      <span className="waiting-count" aria-hidden="true">
        {number}
      </span>
    </Link>
  );
}

// The inbox: how many acts wait for this person.
function WaitingMark() {
  const { t, language } = useLanguage();
  const may = useMay('act_read');
  const waiting = useActsWaiting();
  if (!may) return null;
  const text = t('shell.waiting', { count: waiting, number: formatNumber(waiting, language) });
  return (
    <Link to="/acts" className="topbar-button waiting-mark" aria-label={text} title={text}>
      <InboxIcon />
      <WaitingCount />
    </Link>
  );
}

function LiveMark() {
  const { t } = useLanguage();
  const status = useStreamStatus();
  return (
    <Tooltip title={t(`stream.${status}_help`)}>
      <span className={`live live-${status}`} role="status">
        <span className="live-dot" aria-hidden="true" />
        <span className="live-word">{t(`stream.${status}`)}</span>
      </span>
    </Tooltip>
  );
}

function UserMenu({ session }: { session: Session }) {
  const { t } = useLanguage();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const button = useRef<HTMLButtonElement>(null);
  const roles = session.grants.map((grant) => `${t(`role.${grant.role}`)} · ${grant.agency_name}`);
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      autoFocus
      onOpenChange={(open) => {
        // The kit leaves the focus in the closed menu.
        if (!open && document.activeElement?.closest('[role=menu]')) button.current?.focus();
      }}
      menu={{
        items: [
          {
            key: 'who',
            type: 'group',
            label: (
              <span className="user-who">
                <strong>{session.display_name}</strong>
                {roles.map((role) => (
                  <span key={role}>{role}</span>
                ))}
              </span>
            ),
            children: [
              { key: 'account', label: t('account.title'), onClick: () => navigate('/account') },
              { key: 'password', label: t('session.change_password'), onClick: () => navigate('/password') },
              { key: 'out', label: t('session.sign_out'), onClick: () => signOut.mutate() },
            ],
          },
        ],
      }}
    >
      <Button
        ref={button}
        type="text"
        className="topbar-button user-button"
        icon={<UserIcon />}
        aria-label={t('shell.account_of', { name: session.display_name })}
        aria-haspopup="menu"
      >
        <span className="user-name">{session.display_name}</span>
      </Button>
    </Dropdown>
  );
}

function Footer() {
  const { t, language } = useLanguage();
  const { data } = useSystem();
  return (
    <footer className="footer">
      <span>{t('footer.zone')}</span>
      {data ? (
        <>
          <span>{t('footer.version', { version: data.version })}</span>
          <span>{t('footer.events', { number: formatNumber(data.events, language) })}</span>
          <span>
            {t('footer.checkpoint')} <Time at={data.checkpoint_at} seconds />
          </span>
          <span className="footer-print" title={data.fingerprint}>
            {t('footer.fingerprint')} <code>{data.fingerprint.slice(0, 16)}…</code>
          </span>
        </>
      ) : null}
    </footer>
  );
}
