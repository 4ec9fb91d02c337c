import { Controller, Get, Param } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { toUserId, userSchema, type User } from './user.js';
import { UsersService } from './users.service.js';

@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get('random')
  @RouteSchema({ response: { 200: userSchema } })
  random(): User | Promise<User> {
    return this.users.findRandom();
  }

  @Get(':id')
  @RouteSchema({ response: { 200: userSchema } })
  one(@Param('id') id: string): User | Promise<User> {
    return this.users.find(toUserId(id));
  }

  /** `/users` and `/users/`: the id is missing. */
  @Get()
  none(): never {
    toUserId('');
    throw new Error('unreachable: toUserId refuses an empty id');
  }
}
