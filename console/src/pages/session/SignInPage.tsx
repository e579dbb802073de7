// Signing in: by passkey or through the agency's portal, which is all it takes; or by password (Lũy's own, or that of the
// agency's directory) and then, where the account has one, a code.
import { Button, Checkbox, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router-dom';
import { ApiError } from '~/api/client';
import { useSignIn, useSignInWithPasskey, useSignInWithPortalCode } from '~/api/identity';
import { askPasskey, PasskeyDropped, passkeysPossible } from '~/api/passkey';
import { useSession } from '~/api/queries';
import { useDoors } from '~/api/sources';
import type { Session } from '~/api/types';
import { keepNothing, recall, remember } from '~/app/memory';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { DirectoryChoice, PortalNote, Portals } from './Doors';
import { doorOf, safeNext } from './next';
import { PauseNote, usePause } from './Pause';
import { SessionFrame } from './SessionFrame';

const directoryKey = 'luy.directory'; // Where whoever uses this browser signed in from last.

interface Typed {
  username: string;
  password: string;
}

export default function SignInPage() {
  const { t } = useLanguage();
  const [search] = useSearchParams();
  const next = safeNext(search.get('next'));
  const navigate = useNavigate();
  const session = useSession();
  const signIn = useSignIn();
  const portal = useSignInWithPortalCode();
  const doors = useDoors().data ?? [];
  const [publicPlace, setPublicPlace] = useState(false);
  const [chosen, setChosen] = useState(() => recall(directoryKey) ?? '');
  const directory = doors.some((each) => each.kind === 'ldap' && each.id === chosen) ? chosen : '';
  const [typed, setTyped] = useState<Typed | null>(null); // Whose password was right; a code is asked for.
  const pause = usePause(signIn.error ?? portal.error);
  useEffect(() => {
    document.title = `${t('session.sign_in')} · Lũy`;
  }, [t]);
  if (session.data && !signIn.isPending && !portal.isPending)
    return <Navigate to={doorOf(session.data) ?? next} replace />;

  const enter = (started: Session) => {
    if (publicPlace) keepNothing();
    else if (chosen !== '' || recall(directoryKey) !== null) remember(directoryKey, directory);
    navigate(doorOf(started) ?? next, { replace: true });
  };
  const start = (values: Typed, code?: string) =>
    signIn.mutate(
      {
        ...values,
        public_place: publicPlace,
        ...(directory ? { source: directory } : {}),
        ...(code ? { code } : {}),
      },
      {
        onSuccess: enter,
        onError: (error) => {
          if (isCode(error, 'directory.factor_required')) setTyped(values);
        },
      },
    );
  const asked = isCode(signIn.error, 'directory.factor_required');
  const trouble = signIn.error && !asked && !pause.left ? <ErrorNote error={signIn.error} /> : null;

  // Back from a portal, which does not vouch for a second factor.
  if (search.get('code') === '1') {
    const from = doors.find((each) => each.id === search.get('source'))?.name ?? '';
    return (
      <SessionFrame title={t('session.code_title')} lead={t('door.code_lead', { name: from })}>
        <PauseNote pause={pause} />
        {portal.error && !pause.left ? <ErrorNote error={portal.error} /> : null}
        <CodeForm
          busy={portal.isPending}
          paused={pause.left > 0}
          onCode={(code) => portal.mutate(code, { onSuccess: enter })}
          onBack={() => navigate('/sign-in', { replace: true })}
        />
      </SessionFrame>
    );
  }
  if (typed) {
    return (
      <SessionFrame title={t('session.code_title')} lead={t('session.code_lead', { name: typed.username })}>
        <PauseNote pause={pause} />
        {trouble}
        <CodeForm
          busy={signIn.isPending}
          paused={pause.left > 0}
          onCode={(code) => start(typed, code)}
          onBack={() => {
            signIn.reset();
            setTyped(null);
          }}
        />
      </SessionFrame>
    );
  }
  return (
    <SessionFrame
      title={t('session.sign_in')}
      lead={search.get('next') ? t('session.ended') : t('session.lead')}
    >
      <PauseNote pause={pause} />
      {trouble ?? <PortalNote search={search} />}
      {passkeysPossible() ? <PasskeyDoor publicPlace={publicPlace} onEntered={enter} /> : null}
      <Portals doors={doors} publicPlace={publicPlace} />
      {passkeysPossible() || doors.some((each) => each.kind === 'oidc') ? (
        <p className="session-or">
          <span>{t('session.or_password')}</span>
        </p>
      ) : null}
      <Form<Typed>
        layout="vertical"
        requiredMark={false}
        onFinish={(values) => start({ username: values.username.trim(), password: values.password })}
      >
        <DirectoryChoice doors={doors} value={directory} onChange={setChosen} />
        <Form.Item
          name="username"
          label={t('session.username')}
          rules={[{ required: true, message: t('session.username_needed') }]}
        >
          <Input
            autoComplete="username webauthn"
            autoFocus
            autoCapitalize="none"
            spellCheck={false}
            size="large"
            maxLength={100}
          />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('session.password')}
          rules={[{ required: true, message: t('session.password_needed') }]}
        >
          <Input.Password
            autoComplete={publicPlace ? 'off' : 'current-password'}
            size="large"
            maxLength={1000}
          />
        </Form.Item>
        <div className="session-place">
          <Checkbox checked={publicPlace} onChange={(event) => setPublicPlace(event.target.checked)}>
            {t('session.public_place')}
          </Checkbox>
          <p>{t('session.public_place_help')}</p>
        </div>
        <Button
          type="primary"
          htmlType="submit"
          block
          size="large"
          loading={signIn.isPending}
          disabled={pause.left > 0}
        >
          {t('session.sign_in')}
        </Button>
      </Form>
      <p className="session-note">{t('session.shared_place')}</p>
    </SessionFrame>
  );
}

const isCode = (error: unknown, code: string) => error instanceof ApiError && error.code === code;

function PasskeyDoor({
  publicPlace,
  onEntered,
}: {
  publicPlace: boolean;
  onEntered: (session: Session) => void;
}) {
  const { t } = useLanguage();
  const passkey = useSignInWithPasskey();
  return (
    <>
      {passkey.error && !(passkey.error instanceof PasskeyDropped) ? (
        <ErrorNote error={passkey.error} />
      ) : null}
      <Button
        block
        size="large"
        loading={passkey.isPending}
        onClick={() =>
          passkey.mutate({ ask: askPasskey, public_place: publicPlace }, { onSuccess: onEntered })
        }
      >
        {t('session.by_passkey')}
      </Button>
    </>
  );
}

function CodeForm({
  busy,
  paused,
  onCode,
  onBack,
}: {
  busy: boolean;
  paused: boolean;
  onCode: (code: string) => void;
  onBack: () => void;
}) {
  const { t } = useLanguage();
  return (
    <Form<{ code: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={(values) => onCode(values.code.replace(/\s/g, ''))}
    >
      <Form.Item
        name="code"
        label={t('session.code')}
        extra={t('session.code_help')}
        rules={[{ required: true, whitespace: true, message: t('session.code_needed') }]}
      >
        <Input autoFocus autoComplete="one-time-code" spellCheck={false} size="large" maxLength={40} />
      </Form.Item>
      <Button type="primary" htmlType="submit" block size="large" loading={busy} disabled={paused}>
        {t('session.go_on')}
      </Button>
      <p className="session-note">
        <Button type="link" onClick={onBack}>
          {t('session.other_account')}
        </Button>
      </p>
    </Form>
  );
}
