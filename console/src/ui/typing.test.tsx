// @vitest-environment jsdom
// Goal: nothing that was typed or chosen is lost because the address follows a moment later.
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router-dom';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startLanguage } from '~/i18n';
import { useParamsState } from './query';
import { SearchInput } from './SearchInput';

beforeAll(() => startLanguage());
afterEach(cleanup);

// A page whose address follows only when told to.
let follow: () => void = () => undefined;
const asked: string[] = [];
function Slow() {
  const [value, setValue] = useState('');
  follow = () => setValue(asked.shift() ?? value);
  return <SearchInput value={value} onChange={(next) => asked.push(next)} label="box" />;
}

describe('A search box', () => {
  it('keeps what is typed while what was typed before comes back', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { rerender } = render(<Slow />);
    const box = screen.getByLabelText<HTMLInputElement>('box');
    const type = (text: string) => fireEvent.change(box, { target: { value: text } });
    const answer = () => {
      follow();
      rerender(<Slow />);
    };
    type('ban');
    vi.advanceTimersByTime(300);
    type('ban va');
    vi.advanceTimersByTime(300);
    expect(asked).toEqual(['ban', 'ban va']);
    type('ban va bao mat');
    answer();
    await waitFor(() => expect(asked).toEqual(['ban va']));
    expect(box.value).toBe('ban va bao mat');
    answer();
    expect(box.value).toBe('ban va bao mat');
    vi.advanceTimersByTime(300);
    expect(asked).toEqual(['ban va bao mat']);
    answer();
    // What comes from elsewhere is shown.
    asked.push('tuong lua');
    answer();
    await waitFor(() => expect(box.value).toBe('tuong lua'));
  });
});

function Filters() {
  const [{ q, state }, setParams] = useParamsState('q', 'state');
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setParams({ q: 'a' });
          setParams({ state: 'open' });
        }}
      >
        both
      </button>
      <output>{`${q} ${state}`}</output>
    </>
  );
}

describe('Filters in the address', () => {
  it('are kept both when the second is chosen before the page stands at the first', async () => {
    const router = createMemoryRouter([{ path: '/', element: <Filters /> }], { initialEntries: ['/?x=1'] });
    render(<RouterProvider router={router} />);
    fireEvent.click(screen.getByText('both'));
    await screen.findByText('a open');
    expect(router.state.location.search).toBe('?x=1&q=a&state=open');
    // The way back is not mistaken for what was once pending.
    await router.navigate('/?x=1');
    await screen.findByText('undefined undefined');
    await router.navigate('/?x=1&state=done');
    await screen.findByText('undefined done');
  });
});
