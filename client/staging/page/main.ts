import '../../query/grid/grid.css';
import { startPage } from '../../query/grid/startPage.ts';
import './push.css';
import { PushPage } from './pushPage.ts';

startPage((post) => new PushPage(document.body, post));
