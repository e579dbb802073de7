// Ctrl-K: go anywhere by a few letters, with or without diacritics. A native dialog keeps the focus inside.
import { useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useAgencies, useDevices, useOverview, useRegulation } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { searchPalette, type Target } from './paletteSearch';
import { usePages } from './usePages';

const shownMax = 12;

function useTargets(): Target[] {
  const { t, local } = useLanguage();
  const pages = usePages();
  const regulation = useRegulation();
  const devices = useDevices();
  const agencies = useAgencies();
  const overview = useOverview();
  return useMemo(() => {
    const several = (overview.data?.agencies.length ?? 0) > 1;
    return [
      ...pages.map((item) => ({
        kind: 'page' as const,
        to: item.to,
        title: t(`nav.${item.key}`),
        detail: '',
      })),
      ...(regulation.data?.obligations ?? []).map((obligation) => ({
        kind: 'obligation' as const,
        to: `/obligations/${obligation.id}`,
        title: local(obligation.title),
        detail: local(obligation.reference),
      })),
      ...(devices.data ?? []).map((device) => ({
        kind: 'device' as const,
        to: `/devices/${device.id}`,
        title: device.name,
        detail: [device.os, ...device.addresses].join(' · '),
      })),
      ...(several ? (agencies.data ?? []) : []).map((agency) => ({
        kind: 'agency' as const,
        to: `/verdicts?agency=${agency.id}`,
        title: agency.name,
        detail: agency.code,
      })),
    ];
  }, [pages, regulation.data, devices.data, agencies.data, overview.data, t, local]);
}

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const deferred = useDeferredValue(text);
  const targets = useTargets();
  const found = useMemo(() => searchPalette(targets, deferred).slice(0, shownMax), [targets, deferred]);
  // Before it leaves the page, so that the focus returns to where it was.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element?.open) element?.showModal();
    return () => element?.close();
  }, []);
  const logs = text.trim();
  const go = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    navigate(target.to);
  };
  // Who types faster than the list is drawn means what they typed, not what still stands there.
  const enter = () => {
    const meant = deferred === text ? found[at] : searchPalette(targets, text)[0];
    if (meant) go(meant);
    else if (logs) {
      onClose();
      navigate(`/logs?${new URLSearchParams({ q: logs })}`);
    }
  };
  const at = Math.min(active, Math.max(0, found.length - 1));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape, a request to cancel, is the keyboard's way out.
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t('palette.title')}
      // The browser would close it now and tell later; who opens it again in between would see it closed by the late word.
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <input
        autoFocus
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length ? `palette-${at}` : undefined}
        aria-label={t('palette.label')}
        placeholder={t('palette.label')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setActive(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setActive(Math.max(at - 1, 0));
          else if (event.key === 'Enter') enter();
          else return;
          event.preventDefault();
        }}
      />
      <div id="palette-list" role="listbox" aria-label={t('palette.title')}>
        {found.map((target, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: see the list.
          // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the input does the same.
          <div
            key={target.to}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            className="palette-item"
            onMouseMove={() => setActive(index)}
            onClick={() => go(target)}
          >
            <span className="palette-kind">{t(`palette.${target.kind}`)}</span>
            <span className="palette-name">{target.title}</span>
            <span className="palette-detail">{target.detail}</span>
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className="palette-none">{t('palette.none')}</p> : null}
      <p className="palette-help">{t('palette.help')}</p>
    </dialog>
  );
}
