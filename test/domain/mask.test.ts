import { expect, it } from 'vitest';
import { maskName } from '../../src/domain/mask.ts';

it.each([
  ['张三', '张某'],
  ['欧阳七例', '欧阳某'],
  ['欧阳', '欧某'], // two characters: a surname and a given name
  ['  李四 ', '李某'],
  ['𠮷田一郎', '𠮷某'], // a character of two UTF-16 units stays whole
  ['阿卜杜拉·买买提', '阿某'],
  ['<at>王五', 'a某'],
  ['', '某'],
])('%s is shown as %s', (name, shown) => expect(maskName(name)).toBe(shown));
