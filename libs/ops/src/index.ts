export { boardPolicy } from './board/board-routes.ts';
export { OpsModule } from './ops.module.ts';
