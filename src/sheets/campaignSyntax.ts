// Owns the sentences for what is not YAML in a campaign file, each with the place where a person would look for it. Knows
// the YAML library's error codes and nothing of campaigns.
import { type Document, isCollection, isScalar, type Node, visit, type YAMLError } from 'yaml';

/** `offset` counts characters from the beginning of the file. */
export interface SyntaxFault {
  readonly offset: number;
  readonly reason: string;
}

const reasons: Readonly<Record<string, string>> = {
  ALIAS_PROPS: '引用（*名称）后面不能再写内容',
  BAD_INDENT: '这一行的缩进与上下不一致，请按两个空格一级对齐',
  BLOCK_AS_IMPLICIT_KEY: '冒号前后的写法不对，请核对这一行是否缺引号或换行',
  BLOCK_IN_FLOW: '方括号或花括号里不能换成缩进写法，请核对',
  DUPLICATE_KEY: '同一层里这个名称写了两次，请留一个',
  MISSING_CHAR: '这里缺少引号、括号、逗号或冒号，请核对',
  MULTILINE_IMPLICIT_KEY: '名称不能跨行，请核对冒号和引号',
  MULTIPLE_DOCS: '一个文件只写一个方案，请去掉“---”之后的内容',
  TAB_AS_INDENT: '缩进用了制表符，请改成空格',
  UNEXPECTED_TOKEN: '这里多了或少了符号，请核对括号、引号和冒号',
};

/** Every place to correct; what only follows from an earlier fault is left out. Empty: it is YAML. */
export function syntaxFaults(doc: Document.Parsed): SyntaxFault[] {
  const tabs = doc.errors.filter((e) => e.code === 'TAB_AS_INDENT');
  const errors = tabs.length > 0 ? tabs : doc.errors;
  return errors.length > 0 ? errors.map((e) => errorFault(doc, e)) : strangeReferences(doc);
}

/** The library reports an open quote or bracket where the file ends; people look for where it begins. */
function errorFault(doc: Document.Parsed, e: YAMLError): SyntaxFault {
  if (e.code === 'MISSING_CHAR' && e.message.includes('quote')) {
    return { offset: opened(doc, e.pos[0], isQuoted), reason: '这里开始的引号没有收尾，请补上' };
  }
  if (e.code === 'BAD_INDENT' && e.message.startsWith('Flow')) {
    return { offset: opened(doc, e.pos[0], isBracket), reason: '这里开始的括号没有收尾，请补上' };
  }
  return { offset: e.pos[0], reason: reasons[e.code] ?? '这里的写法读不懂，请核对缩进、冒号和引号' };
}

const isQuoted = (node: Node) => isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
const isBracket = (node: Node) => isCollection(node) && node.flow === true;

/** Where the innermost such node around `end` begins; `end` itself when there is none. */
function opened(doc: Document.Parsed, end: number, such: (node: Node) => boolean): number {
  let offset = end;
  visit(doc, {
    Node: (_, node) => {
      const [from = end, , to = end] = node.range ?? [];
      if (such(node) && from < end && end <= to) offset = from;
    },
  });
  return offset;
}

function strangeReferences(doc: Document.Parsed): SyntaxFault[] {
  const faults: SyntaxFault[] = [];
  visit(doc, {
    Alias: (_, alias) => {
      if (alias.resolve(doc) !== undefined) return;
      faults.push({
        offset: alias.range?.[0] ?? 0,
        reason: `前面没有用 &${alias.source} 定义过 *${alias.source}，请核对名称`,
      });
    },
  });
  return faults;
}
