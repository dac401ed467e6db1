import { QueryError } from '@pulselake/dashboards';
import { describe, expect, it } from 'vitest';
import { bindParameters } from '../src/bind-parameters.js';

describe('parameters of a statement', () => {
  it.each([
    ['SELECT ?', ['1'], 'SELECT 1'],
    ['SELECT ? + ?', ['-1.5e3', ' .5 '], 'SELECT -1.5e3 + .5'],
    ["SELECT * FROM t WHERE a = ? AND b = '?'", ["'O''Hara'"], "SELECT * FROM t WHERE a = 'O''Hara' AND b = '?'"],
    ['SELECT "a?" -- ?\n, /* ? */ ?', ['NULL'], 'SELECT "a?" -- ?\n, /* ? */ NULL'],
    ["SELECT 'it''s ?', ?", ['true'], "SELECT 'it''s ?', true"],
    ['SELECT ?', ["'$& $1 ?'"], "SELECT '$& $1 ?'"],
    [
      'SELECT ?, ?',
      ["DATE '2024-02-29'", "timestamp '2024-02-29 00:00:00'"],
      "SELECT DATE '2024-02-29', timestamp '2024-02-29 00:00:00'",
    ],
  ])('%s with %j', (sql, parameters, expected) => {
    expect(bindParameters(sql, parameters)).toBe(expected);
  });

  it.each([
    ['too few', 'SELECT ?, ?', ['1']],
    ['too many', 'SELECT ?', ['1', '2']],
    ['none wanted', "SELECT '?'", ['1']],
    ['an expression', 'SELECT ?', ['1 + 1']],
    ['a text without quotes', 'SELECT ?', ['cart']],
    ['a text that ends early', 'SELECT ?', ["'a' OR 'b'"]],
    ['a quote alone', 'SELECT ?', ["'"]],
    ['a call', 'SELECT ?', ["read_text('x')"]],
    ['a comment', 'SELECT ?', ["'a' -- "]],
    ['nothing', 'SELECT ?', ['']],
  ])('fails on %s', (_, sql, parameters) => {
    expect(() => bindParameters(sql, parameters)).toThrow(QueryError);
  });
});
