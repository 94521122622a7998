/** One strategy for all tables: it suits writes that come once and rows that change, and compacts in small steps. */
export const unified = "compaction = {'class': 'UnifiedCompactionStrategy'}";
