import { Controller, Delete, HttpCode, Post, Req, Res } from '@nestjs/common';
import { Endpoint, type Reply, type Request } from '#http';
import { endedSessionCookie, sessionCookie } from './board-session.ts';

@Controller('ops/session')
export class SessionController {
  @Post()
  @HttpCode(204)
  @Endpoint({
    tag: 'operations',
    summary: 'Open the queue board to this browser',
    description: 'Sets a cookie, for the board alone.',
    opsScope: true,
    answers: { 204: null },
  })
  open(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): void {
    const [, token = ''] = (request.headers.authorization ?? '').split(' ', 2);
    reply.header('set-cookie', sessionCookie(token, request.protocol === 'https'));
  }

  @Delete()
  @HttpCode(204)
  @Endpoint({ tag: 'operations', summary: 'Close it', opsScope: true, answers: { 204: null } })
  close(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): void {
    reply.header('set-cookie', endedSessionCookie(request.protocol === 'https'));
  }
}
