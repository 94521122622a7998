export { OpsModule } from './ops.module.ts';
