// @vitest-environment jsdom
import { render } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseLanguage, startLanguage } from '~/i18n';
import { StateBar, StateCounts, StateIcon, StateTag } from './StateTag';
import { states } from './state';

beforeAll(() => startLanguage());

const words = {
  kept: 'Đạt',
  due: 'Sắp đến hạn',
  violated: 'Vi phạm',
  unknown: 'Chưa đủ dữ liệu',
  not_applicable: 'Không áp dụng',
};

describe('A state', () => {
  it('is said by word, sign and colour, in officials’ words', () => {
    for (const state of states) {
      const { container, unmount } = render(<StateTag state={state} />);
      expect(container.textContent).toBe(words[state]);
      expect(container.querySelector(`svg.state-${state}`)).not.toBeNull();
      expect(container.querySelector(`.state-tag.state-${state}`)).not.toBeNull();
      unmount();
    }
  });
  it('has a sign of its own shape', () => {
    const shapes = states.map(
      (state) => render(<StateIcon state={state} />).container.querySelector('svg')?.innerHTML,
    );
    expect(new Set(shapes).size).toBe(states.length);
  });
});

it('A bar and its counts say in words what they draw, the worst first', async () => {
  const counts = { kept: 1200, due: 0, violated: 3, unknown: 0, not_applicable: 1 };
  const bar = render(<StateBar counts={counts} />);
  expect(bar.getByRole('img').getAttribute('aria-label')).toBe('3 vi phạm, 1.200 đạt, 1 không áp dụng');
  bar.unmount();
  const { container } = render(<StateCounts counts={counts} />);
  expect(container.querySelectorAll('[role=img]')).toHaveLength(3);
  await chooseLanguage('en');
  expect(render(<StateTag state="violated" />).container.textContent).toBe('Violated');
  await chooseLanguage('vi');
});
