// Who must have a second factor adds one here before anything else works.
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { Navigate, useNavigate } from 'react-router-dom';
import { useSignOut } from '~/api/changes';
import { useFactorsChanged } from '~/api/identity';
import { passkeysPossible } from '~/api/passkey';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Loading } from '~/ui/Page';
import { AddPasskey } from '../account/AddPasskey';
import { AddTotp } from '../account/AddTotp';
import { SessionFrame } from './SessionFrame';

export default function SecondFactorPage() {
  const { t } = useLanguage();
  const session = useSession();
  const signOut = useSignOut();
  const changed = useFactorsChanged();
  const navigate = useNavigate();
  const [kind, setKind] = useState<'totp' | 'passkey'>('totp');
  useEffect(() => {
    document.title = `${t('factor.must_title')} · Lũy`;
  }, [t]);
  if (session.isPending) return <Loading rows={6} />;
  if (!session.data) return <Navigate to="/sign-in" replace />;
  if (session.data.must_change_password) return <Navigate to="/password" replace />;
  if (!session.data.must_enrol_factor) return <Navigate to="/" replace />;
  const done = () => void changed().then(() => navigate('/', { replace: true }));
  return (
    <SessionFrame title={t('factor.must_title')} lead={t('factor.must_lead')}>
      {passkeysPossible() ? (
        <fieldset className="state-filter session-choice">
          <legend className="visually-hidden">{t('factor.kind')}</legend>
          {(['totp', 'passkey'] as const).map((each) => (
            <button key={each} type="button" aria-pressed={kind === each} onClick={() => setKind(each)}>
              {t(`factor.${each}`)}
            </button>
          ))}
        </fieldset>
      ) : null}
      {kind === 'totp' ? <AddTotp onDone={done} /> : <AddPasskey onDone={done} />}
      <p className="session-note">
        <Button type="link" onClick={() => signOut.mutate()}>
          {t('session.sign_out')}
        </Button>
      </p>
    </SessionFrame>
  );
}
